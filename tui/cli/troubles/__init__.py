"""One trouble from the first log to what it was: triage, finding, hand-over, escalation and the answer."""
