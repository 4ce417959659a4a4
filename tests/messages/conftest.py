from tests.edge.impatient import impatient

__all__ = ["impatient"]
