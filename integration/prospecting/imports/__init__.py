"""Mass import: a file attached to a Candidate_Import__c becomes candidates; what cannot be taken comes back."""

from integration.prospecting.imports.chunk import work
from integration.prospecting.imports.loading import load
from integration.prospecting.imports.preview import preview
from integration.prospecting.imports.profiles import save as save_profile
from integration.prospecting.imports.undoing import undo

__all__ = ["load", "preview", "save_profile", "undo", "work"]
