"""Whose clock says what: skew, queues and late news, until every source stands on one clock."""
