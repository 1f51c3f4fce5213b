"""Sample data: what the twinned units of twinning.sample did together."""
