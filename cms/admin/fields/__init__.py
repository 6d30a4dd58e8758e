"""Forms of custom fields: drawn from what each type says of its widget, read back by name."""
