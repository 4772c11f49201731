"""Catalogs: what a writer's YAML files declare."""

from npc.catalog.loader import load_catalog, load_dialogue, read_catalog

__all__ = ["load_catalog", "load_dialogue", "read_catalog"]
