"""The web application: everybody's whole work, in pages made by the server."""
