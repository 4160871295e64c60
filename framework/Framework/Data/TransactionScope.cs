namespace Microservices.Data;

internal sealed partial class UnitOfWork
{
    /// <summary>An open transaction or savepoint: complete it, or disposing undoes it.</summary>
    internal sealed class TransactionScope(UnitOfWork unitOfWork, string? savepoint) : IAsyncDisposable
    {
        private readonly int _committedWork = unitOfWork._afterCommit.Count;
        private bool _completed;

        /// <summary>Commits the outermost transaction; an inner scope is kept for it to commit.</summary>
        public async ValueTask CompleteAsync()
        {
            _completed = true;
            if (!unitOfWork.IsInTransaction)
            {
                throw new InvalidOperationException("The transaction was ended by an earlier error; nothing was written.");
            }

            if (savepoint is null)
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
                unitOfWork._afterCommit.RemoveRange(_committedWork, unitOfWork._afterCommit.Count - _committedWork);
            }

            await unitOfWork.RollbackAsync(savepoint);
        }
    }
}
