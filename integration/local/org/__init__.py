"""The embedded Salesforce org: a WSGI application over SQLite that reads sf_metadata/."""
