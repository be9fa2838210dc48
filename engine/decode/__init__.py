"""From bytes to signals: OCPP frames, log lines and case files. Nothing is dropped; oddities are marked."""
