"""What many people see at once: sources, posts, rules, screens."""

from wall.models.photo import Photo
from wall.models.post import Decision, Post
from wall.models.rule import Rule
from wall.models.screen import Screen
from wall.models.source import Source

__all__ = ["Decision", "Photo", "Post", "Rule", "Screen", "Source"]
