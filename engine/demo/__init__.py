"""The demo: chargers, a management system and their faults, small but real, all on this machine."""
