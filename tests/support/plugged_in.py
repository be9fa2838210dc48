"""A rule on ground faults at plug-in, and two logs of a charger: one on which it fires, one on which it does not."""

from __future__ import annotations

import json

RULE = """\
id: {name}
title: A ground fault within a minute of plug-in
status: {status}
author: me
source: own
signals:
  plugged: {{kind: status, status: Preparing}}
  tripped: {{kind: status, errorCode: GroundFailure}}
when: {{sequence: [plugged, tripped], within: {within}}}
symptom: ground-fault-at-plug-in
"""


def frame(second: int, status: str, error: str = "NoError") -> str:
    body = {"connectorId": 1, "status": status, "errorCode": error, "timestamp": f"2024-05-01T12:00:{second:02}Z"}
    return f'2024-05-01T12:00:{second:02}Z CP-1 [2,"{second}","StatusNotification",{json.dumps(body)}]\n'


TRIPS = frame(0, "Available") + frame(1, "Preparing") + frame(9, "Faulted", "GroundFailure")
CHARGES = frame(0, "Available") + frame(1, "Preparing") + frame(9, "Charging")
