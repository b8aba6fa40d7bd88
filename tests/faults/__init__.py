"""Kill parts of a running event at random, then judge from the evidence alone what survived."""
