"""Mail that comes in: answers to campaigns, applications by mail and profiles that recruiters forward."""
