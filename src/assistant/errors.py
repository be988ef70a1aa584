"""The errors a user can meet.

AssistantError                 anything below; the faces turn it into one line and an exit code
├── SettingsError              a setting is unknown or has a value that cannot be used
├── NotesError                 the notes folder or a note in it cannot be used
├── QuestionError              the question cannot be asked (empty, far too long)
├── Cancelled                  a long task was called off by whom its progress was told to
├── EvaluationError            judged questions, or a report to compare with, cannot be used
├── FeedbackError              what readers thought of answers cannot be kept or read
├── StudyError                 the reviews of flash cards cannot be kept or read
├── EncoderError               the embedding model is missing, or its compiled form does not match it
└── StoreError                 the index on disk cannot be used
    ├── StoreLocked            another process is writing to it
    └── StoreTooNew            it was written by a newer version

Every message says what was got, what was expected and what to do next.
"""


class AssistantError(Exception):
    """Base of all errors that are meant to be read by the user."""


class SettingsError(AssistantError):
    """A setting is unknown or has a value that cannot be used."""


class NotesError(AssistantError):
    """The notes folder, or a note asked for by its path, cannot be used."""


class QuestionError(AssistantError):
    """The question cannot be asked as it stands."""


class Cancelled(AssistantError):
    """A long task was called off. A progress callback raises it; the task passes it on and leaves everything as it was."""


class EvaluationError(AssistantError):
    """Judged questions, or an older report to compare with, cannot be read or asked as they stand."""


class FeedbackError(AssistantError):
    """What readers thought of answers cannot be kept, or read."""


class StudyError(AssistantError):
    """The reviews of flash cards cannot be kept, or read."""


class EncoderError(AssistantError):
    """The embedding model is missing, or what was compiled from it disagrees with it."""


class StoreError(AssistantError):
    """The index on disk cannot be used."""


class StoreLocked(StoreError):
    """Another process holds the index for writing."""


class StoreTooNew(StoreError):
    """The index was written by a newer version of this program."""
