"""What a webhook is sent, strictly: nothing else, nothing more, nothing of another type."""

from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

MAX_POSTS = 50
STRICT = ConfigDict(extra="forbid", strict=True)


class PictureIn(BaseModel):
    model_config = STRICT

    url: str = Field(max_length=2000, description="https; fetched and drawn anew by us")
    alt: str = Field("", max_length=1500, description="what is on it, for those who do not see it")


class PostIn(BaseModel):
    model_config = STRICT

    id: str = Field(
        pattern=r"^[!-~]{1,200}$",
        description="your own; the same one again is an edit, with gone a removal",
    )
    text: str = Field("", max_length=5000, description="plain text; 500 characters are shown")
    name: str = Field("", max_length=200, description="of whoever wrote it")
    handle: str = Field("", max_length=200, description="such as @mira@example.org")
    at: AwareDatetime | None = Field(None, description="when it was written, with a zone")
    url: str = Field("", max_length=500, description="where it can be read")
    language: str = Field("", pattern=r"^([A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2})?$")
    sensitive: bool = Field(False, description="its pictures are not for everybody")
    summary: str = Field("", max_length=300, description="a warning instead of the text")
    gone: bool = Field(False, description="it was deleted: it leaves every screen for good")
    pictures: list[PictureIn] = Field(default_factory=list, max_length=4)


class Delivery(BaseModel):
    model_config = STRICT

    posts: list[PostIn] = Field(min_length=1, max_length=MAX_POSTS)


def described() -> dict[str, Any]:
    """The shape for OpenAPI, in one piece."""
    schema = Delivery.model_json_schema()
    shapes = schema.pop("$defs")

    def whole(part: Any) -> Any:
        if isinstance(part, dict):
            if "$ref" in part:
                return whole(shapes[part["$ref"].rpartition("/")[2]])
            return {name: whole(value) for name, value in part.items()}
        return [whole(each) for each in part] if isinstance(part, list) else part

    found: dict[str, Any] = whole(schema)
    return found
