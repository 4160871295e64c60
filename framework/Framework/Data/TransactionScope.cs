namespace Microservices.Data;

internal sealed partial class UnitOfWork
{
    /// <summary>An open transaction or savepoint: complete it, or disposing undoes it.</summary>
    internal sealed class TransactionScope(UnitOfWork unitOfWork, string? savepoint) : IAsyncDisposable
    {
        private readonly int _committedWork = unitOfWork._afterCommit.Count;
        private bool _completed;

        /// <summary>Commits the outermost transaction; an inner scope is kept for it to commit.</summary>
        /// <param name="cancellationToken">Refuses the commit when the caller has gone: nobody could be told of it.</param>
        public async ValueTask CompleteAsync(CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            unitOfWork.ThrowIfBroken();
            _completed = true;
            if (savepoint is not null)
            {
                unitOfWork._depth--;
            }
            else if (unitOfWork._deferral is null)
            {
                await unitOfWork.CommitAsync();
            }
        }

        /// <inheritdoc/>
        public async ValueTask DisposeAsync()
        {
            if (_completed)
            {
                return;
            }

            if (savepoint is not null)
            {
                unitOfWork._depth--;
                unitOfWork._afterCommit.RemoveRange(_committedWork, unitOfWork._afterCommit.Count - _committedWork);
            }

            await unitOfWork.RollbackAsync(savepoint);
        }
    }

    /// <summary>A stretch of work whose writes are committed together, or undone when it is disposed first.</summary>
    internal sealed class Deferral(UnitOfWork unitOfWork) : IAsyncDisposable
    {
        /// <summary>Commits what has been written, if anything was.</summary>
        public async ValueTask CommitAsync()
        {
            unitOfWork._deferral = null;
            if (unitOfWork.IsInTransaction)
            {
                await unitOfWork.CommitAsync();
            }
        }

        /// <inheritdoc/>
        public async ValueTask DisposeAsync()
        {
            unitOfWork._deferral = null;
            await unitOfWork.RollbackAsync(savepoint: null);
        }
    }
}
