"""The telemetry ask list as people and programs read it: table, Markdown, a page that stands on its own, JSON, CSV."""
