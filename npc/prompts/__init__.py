"""What a model is shown: the prompt of a turn, and the JSON Schema of the answer."""

from npc.prompts.character import CharacterPrompt, Pseudocode, SchemaMode
from npc.prompts.data import quote
from npc.prompts.schema import schema_digest
from npc.prompts.size import estimate_tokens
from npc.prompts.transcript import TranscriptLine

__all__ = ["CharacterPrompt", "Pseudocode", "SchemaMode", "TranscriptLine", "estimate_tokens", "quote", "schema_digest"]
