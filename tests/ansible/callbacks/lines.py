"""Every result of a run as one line of JSON in a file, the recap as the last."""

import json
import os
from pathlib import Path

from ansible.plugins.callback import CallbackBase


class CallbackModule(CallbackBase):
    """A notification callback for the tests."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "lines"

    def _write(self, value):
        with Path(os.environ["PUNCHDOWN_TEST_RESULTS"]).open("a") as results:
            results.write(json.dumps(value, default=str) + "\n")

    def _result(self, result):
        self._write({"host": result._host.get_name(), "result": dict(result._result)})

    def v2_runner_on_ok(self, result):
        self._result(result)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self._result(result)

    def v2_runner_on_skipped(self, result):
        self._result(result)

    def v2_playbook_on_stats(self, stats):
        self._write({"stats": {host: stats.summarize(host) for host in stats.processed}})
