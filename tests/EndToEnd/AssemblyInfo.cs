// Each product under test is five hosts; two of them at once would only wait for each other on a small machine.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
