"""Export: what others may know, in the formats that they read; one module a format, each pure."""
