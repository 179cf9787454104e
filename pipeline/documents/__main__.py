"""Documents: starts the process that reads formats other than text, so that it runs nothing of the program that asks.

``python -m pipeline.documents`` takes the number of its end of a pipe and the limits as JSON.
"""

import json
import sys
from multiprocessing.connection import Connection

from pipeline.documents.limits import Limits
from pipeline.documents.serving import serve

serve(Connection(int(sys.argv[1])), Limits(**json.loads(sys.argv[2])))
