"""What a request can end in, beside an answer."""


class AppError(Exception):
    """Told to the caller with this status."""

    def __init__(self, status: int, message: str):
        super().__init__(message)
        self.status = status


class StoreError(AppError):
    """The database did not do what was asked."""

    def __init__(self, message: str):
        super().__init__(500, message)


class PoolTimeout(AppError):
    def __init__(self, message: str):
        super().__init__(503, message)


class UpstreamError(AppError):
    """Another service failed us."""

    def __init__(self, message: str, status: int = 502):
        super().__init__(status, message)
