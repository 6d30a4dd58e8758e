"""Content from elsewhere and to elsewhere: WordPress's export format, in and out."""
