"""XLSForm, the spreadsheet that survey tools share: out as pyxform reads it, and in as far as our questions go."""

from insight.surveys.xlsform.model import Carried, NotCarried
from insight.surveys.xlsform.reading import from_xlsform
from insight.surveys.xlsform.writing import to_xlsform

__all__ = ["Carried", "NotCarried", "from_xlsform", "to_xlsform"]
