"""One file per deployed function, named as in serverless.yml."""
