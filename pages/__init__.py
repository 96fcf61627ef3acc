"""All that a person sees. Pages only draw: what they show, ``insight`` can do in a notebook."""
