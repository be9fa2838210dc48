"""Browser: the same screens in a web browser on this machine; each tab is a process of its own."""
