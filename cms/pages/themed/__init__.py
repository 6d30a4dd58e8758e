"""The pages of a site, drawn here in its theme, for sites that have no front end of their own."""
