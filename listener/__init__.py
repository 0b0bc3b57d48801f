"""What happens without a screen: listening, judging, delivering, alerting, on a schedule."""
