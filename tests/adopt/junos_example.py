"""An EX switch that nobody set up with us, as it shows itself in braces."""

BRACES = """\
root@floor-7> show configuration | no-more
## Last commit: 2024-02-03 04:05:06 UTC by root
version 21.4R3-S5.4;
groups {
    POWER {
        interfaces {
            <ge-0/0/4*> {
                unit 0 {
                    family ethernet-switching;
                }
            }
        }
    }
}
apply-groups POWER;
system {
    host-name floor-7;
    root-authentication {
        encrypted-password "$6$abc$defghi"; ## SECRET-DATA
    }
    login {
        class staff {
            idle-timeout 20;
        }
        message "Keep out; {really}\\nor else";
    }
    services {
        ssh {
            root-login allow;
        }
        inactive: telnet;
        web-management {
            http;
        }
    }
    ntp {
        server 10.8.99.5;
        authentication-key 1 type md5 value "$9$LbHX-wg4Z"; ## SECRET-DATA
    }
    tacplus-server {
        10.8.99.9 secret "$9$LbHX-wg4Z"; ## SECRET-DATA
    }
}
interfaces {
    interface-range DESKS {
        member "ge-0/0/[0-3]";
        member ge-0/0/10;
        member-range ge-0/0/20 to ge-0/0/21;
        description desks;
        unit 0 {
            family ethernet-switching {
                interface-mode access;
                vlan {
                    members OFFICE;
                }
            }
        }
    }
    ge-0/0/2 {
        description "desk \\"A\\"";
    }
    ge-0/0/3 {
        disable;
    }
    /* what nobody
       uses */
    inactive: ge-0/0/7 {
        unit 0 {
            family ethernet-switching {
                vlan {
                    members OFFICE;
                }
            }
        }
    }
    ge-0/0/8 {
        mtu 9000;
        unit 0 {
            family ethernet-switching {
                vlan {
                    members 50;
                }
                storm-control slow;
            }
        }
    }
    ge-0/0/47 {
        unit 0 {
            family ethernet-switching {
                vlan {
                    members OFFICE;
                }
            }
        }
    }
    xe-0/1/0 {
        ether-options {
            802.3ad ae1;
        }
    }
    xe-0/1/1 { ether-options { 802.3ad ae1; } }
    xe-0/1/2 {
        native-vlan-id 99;
        unit 0 {
            family ethernet-switching {
                interface-mode trunk;
                vlan {
                    members [ PHONES OFFICE 99 ];
                }
            }
        }
    }
    xe-0/1/3 {
        ether-options {
            802.3ad ae0;
        }
    }
    ae0 {
        unit 0 {
            family ethernet-switching {
                interface-mode trunk;
                vlan {
                    members all;
                }
            }
        }
    }
    ae1 {
        description "to the core";
        aggregated-ether-options {
            lacp {
                active;
            }
        }
        unit 0 {
            family ethernet-switching {
                interface-mode trunk;
                vlan {
                    members [ PHONES OFFICE MGMT ];
                }
            }
        }
    }
    irb {
        unit 99 {
            family inet {
                address 10.8.99.7/24;
            }
            family inet6 {
                address fe80::7/64;
            }
        }
    }
    lo0 {
        unit 0 {
            family inet {
                filter {
                    input GUARD;
                }
            }
        }
    }
}
snmp {
    community s3cr3t-word {
        authorization read-only;
    }
    v3 { usm { local-engine { user watcher {
        authentication-sha { authentication-key "$9$LbHX-wg4Z"; }
    }}}}
}
forwarding-options {
    storm-control-profiles slow {
        all {
            bandwidth-level 20000;
        }
    }
}
routing-options {
    static {
        route 0.0.0.0/0 next-hop 10.8.99.1;
    }
}
protocols {
    dot1x {
        authenticator {
            authentication-profile-name NAC;
            interface {
                DESKS {
                    supplicant multiple;
                    mac-radius;
                    server-fail vlan-name OFFICE;
                }
                ge-0/0/8.0;
            }
        }
    }
    rstp {
        bridge-priority 32k;
        interface DESKS {
            edge;
        }
    }
}
policy-options {
    prefix-list ADMINS {
        10.8.99.100/32;
        10.9.0.0/16;
    }
}
firewall {
    family inet {
        filter GUARD {
            term ssh {
                from {
                    source-prefix-list {
                        ADMINS;
                    }
                    protocol tcp;
                    destination-port ssh;
                }
                then accept;
            }
            term rest {
                then discard;
            }
        }
    }
    family ethernet-switching {
        filter PBX {
            term bad {
                from {
                    ip-source-address {
                        10.8.50.66/32;
                    }
                }
                then discard;
            }
            term smdr {
                from {
                    ip-source-address {
                        10.8.40.15/32;
                    }
                    ip-destination-address {
                        10.8.50.10/32;
                    }
                    ip-protocol tcp;
                    destination-port [ 1752 6801-6802 ];
                }
                then accept;
            }
        }
    }
}
access {
    radius-server {
        10.8.99.6 {
            port 1645;
            secret "$9$LbHX-wg4Z"; ## SECRET-DATA
        }
    }
    profile NAC {
        authentication-order radius;
        radius {
            authentication-server 10.8.99.6;
        }
    }
}
switch-options {
    voip {
        interface DESKS {
            vlan PHONES;
        }
    }
}
vlans {
    MGMT {
        vlan-id 99;
        l3-interface irb.99;
    }
    OFFICE {
        vlan-id 30;
    }
    PBX {
        vlan-id 50;
    }
    PHONES {
        vlan-id 20;
    }
    default {
        vlan-id 1;
    }
}

{master:0}
root@floor-7>
"""
