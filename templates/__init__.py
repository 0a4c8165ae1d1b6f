"""The section kinds that come with wikiplan, one template each."""
