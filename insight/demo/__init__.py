"""A made-up place with synthetic journeys and planted pain points, for demonstration and for tests."""

from insight.demo.generate import generate, write_truth
from insight.demo.model import Told, TruthMark
from insight.demo.pains import Planted, load_planting
from insight.demo.place import Need, Organisation, Place, Service, load_place

__all__ = [
    "Need",
    "Organisation",
    "Place",
    "Planted",
    "Service",
    "Told",
    "TruthMark",
    "generate",
    "load_place",
    "load_planting",
    "write_truth",
]
