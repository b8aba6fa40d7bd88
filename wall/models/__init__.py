"""What many people see at once: sources, posts, rules, screens; and what their keepers have."""

from wall.models.author import Author
from wall.models.decision import Action, Decision
from wall.models.keeper import (
    Evidence,
    Listed,
    Objection,
    Presence,
    Step,
    Tombstone,
)
from wall.models.photo import Photo
from wall.models.picture import Picture
from wall.models.post import Post
from wall.models.prompt import Prepared, Prompt
from wall.models.rule import Rule
from wall.models.screen import Screen
from wall.models.source import Source

__all__ = [
    "Action",
    "Author",
    "Decision",
    "Evidence",
    "Listed",
    "Objection",
    "Photo",
    "Picture",
    "Post",
    "Prepared",
    "Presence",
    "Prompt",
    "Rule",
    "Screen",
    "Source",
    "Step",
    "Tombstone",
]
