"""What runs on a laptop in place of Salesforce, AWS and a mail provider."""
