"""Lines of port access control in the new style (IBNS 2.0).

Source: the platform's fact sheet, "IBNS 2.0 differences"; Identity-Based Networking Services Configuration Guide,
"Configuring Identity Control Policies" (modes, events, conditions, actions).
"""

from __future__ import annotations

from punchdown.lab.emulated.grammar import Command as Cmd

NEW = ("new-style",)
_METHOD = "(dot1x|mab|webauth)"
_EVENTS = ("(session-started|authentication-failure|authentication-success|authorization-failure|agent-found|"
           "aaa-available|inactivity-timeout|absolute-timeout|violation|tag-added|tag-removed|template-activated|"
           "template-deactivated|template-activation-failed|timer-expiry|remote-authentication-failure|"
           "remote-authentication-success|remote-update|session-disconnected)")

GLOBAL_SUBSCRIBERS = (
    Cmd("service-template <name>", enters="config-service-template", needs=NEW, hook="service-template"),
    Cmd("access-session mac-move deny", needs=NEW),
)
CONTROL_MAPS = (
    Cmd("class-map type control subscriber (match-all|match-any|match-none) <name>",
        enters="config-filter-control-classmap", needs=NEW, hook="control-class"),
    Cmd("policy-map type control subscriber <name>", enters="config-event-control-policymap", needs=NEW,
        hook="control-policy"),
)
SERVICE_TEMPLATE = (
    Cmd("description ^ <line>"),
    Cmd("linksec policy ^ (must-secure|should-secure)"),
    Cmd("vlan ^ <vlan>"),
    Cmd("voice vlan"),
    Cmd("access-group ^ <name>"),
    Cmd("inactivity-timer ^ <1-65535> [probe]"),
)
CONTROL_CLASS = (
    Cmd("match activated-service-template <name>"),
    Cmd("match authorization-status (authorized|unauthorized)"),
    Cmd(f"match method {_METHOD}"),
    Cmd("match result-type (aaa-timeout|success)"),
    Cmd("match result-type aaa-server (up|down)"),
    Cmd(f"match result-type method {_METHOD} (aaa-timeout|agent-not-found|authoritative|method-timeout|success|none)"),
    Cmd("match current-method-priority (eq|gt|lt) <1-254>"),
)
CONTROL_POLICY = (
    Cmd(f"event {_EVENTS} ^ [(match-all|match-first)]", enters="config-class-control-policymap", hook="control-event"),
)
CONTROL_EVENT = (
    Cmd("<1-254> ^ class (always|<name>) [(do-all|do-until-failure|do-until-success)]",
        enters="config-action-control-policymap", hook="control-entry"),
)
CONTROL_ACTION = (
    Cmd("<1-254> ^ activate service-template <name> [precedence <1-254>]", hook="numbered"),
    Cmd(f"<1-254> ^ authenticate using {_METHOD} [retries <1-5> [retry-time <0-65535>]] [priority <1-254>]",
        hook="numbered"),
    Cmd("<1-254> ^ authentication-restart <1-65535>", hook="numbered"),
    Cmd("<1-254> ^ (authorize|unauthorize|clear-session|restrict|protect|replace|err-disable)", hook="numbered"),
    Cmd("<1-254> ^ (pause|resume) reauthentication", hook="numbered"),
    Cmd("<1-254> ^ clear-authenticated-data-hosts-on-port", hook="numbered"),
    Cmd(f"<1-254> ^ terminate {_METHOD}", hook="numbered"),
)
PORT_SUBSCRIBERS = (
    Cmd("access-session control-direction ^ (in|both)", default="both", needs=NEW),
    Cmd("access-session host-mode ^ (single-host|multi-domain|multi-auth|multi-host)", default="multi-auth", needs=NEW),
    Cmd("access-session closed", needs=NEW),
    Cmd("access-session port-control ^ (auto|force-authorized|force-unauthorized)", default="force-authorized",
        needs=(*NEW, "access-mode")),
)
PORT_POLICY = Cmd("service-policy type control subscriber ^ <name>", needs=NEW, hook="control-binding")
