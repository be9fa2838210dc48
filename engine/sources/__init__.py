"""Where signals come from while they happen: a tap, registers that are polled, a recording that is played again."""
