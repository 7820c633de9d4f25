"""Pure rules: values in, values out; no clock, client, logger or setting."""
