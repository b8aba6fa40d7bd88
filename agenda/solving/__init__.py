"""How waiting proposals get their places: the problem, a greedy answer, a better one, a bound."""
