"""The sample reports as the files that departments publish: DOCX, HTML, XLSX and PDF, written from their text."""
