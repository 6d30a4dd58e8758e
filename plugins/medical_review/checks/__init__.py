"""Content checks: named rules, what they find in a text, and who may override what they find."""
