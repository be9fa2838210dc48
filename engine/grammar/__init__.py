"""What authors of rules write: files, patterns, operators and their parameters, read into frozen values."""
