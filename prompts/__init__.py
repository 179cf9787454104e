"""What the model is told: Jinja2 templates for the system rules, a guide per record type, the chunk and the repair."""
