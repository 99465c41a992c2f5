import CTorch

/// A group of processes with collective operations on tensors, through Gloo on CPUs.
///
/// Every process calls the same operations in the same order; each returns when all processes have
/// called it. If a process is gone, the operation throws in the others, and no further operation
/// works.
package final class ProcessGroup {
  package struct Address: Sendable, Equatable {
    /// The address of the key-value store through which the processes connect.
    package var host: String
    package var port: Int
    package var rank: Int
    package var count: Int
    /// Whether this process opens the store.
    package var servesStore: Bool
    /// Separates the keys of jobs that use the same store.
    package var prefix: String

    package init(
      host: String, port: Int, rank: Int, count: Int, servesStore: Bool, prefix: String = "0"
    ) {
      self.host = host
      self.port = port
      self.rank = rank
      self.count = count
      self.servesStore = servesStore
      self.prefix = prefix
    }
  }

  package let rank: Int
  package let count: Int
  private let handle: ct_group

  /// Returns when all processes have joined.
  ///
  /// - Parameters:
  ///   - joinSeconds: how long to wait for the other processes to join.
  ///   - operationSeconds: how long to wait for them in each operation.
  /// - Throws: `TorchError.operation` if the store cannot be reached or a process does not join.
  package init(_ address: Address, joinSeconds: Double, operationSeconds: Double) throws {
    rank = address.rank
    count = address.count
    var group: ct_group?
    let message = address.host.withCString { host in
      address.prefix.withCString { prefix in
        ct_group_new(
          ct_group_options(
            host: host, port: Int32(address.port), rank: Int32(address.rank),
            size: Int32(address.count), serves_store: address.servesStore, prefix: prefix,
            join_seconds: joinSeconds, operation_seconds: operationSeconds), &group)
      }
    }
    try check(message, "meeting at \(address.host):\(address.port)")
    handle = group!
  }
  deinit { ct_group_free(handle) }

  /// Whether an operation over all processes has failed.
  package var hasFailed: Bool { ct_group_has_failed(handle) }

  /// Closes the connections to the other processes; their pending operations then fail. The store
  /// remains open.
  package func leave() { ct_group_leave(handle) }

  /// Uses NCCL for GPU tensors from now on.
  ///
  /// - Parameter plugIn: the library that `scripts/build-nccl-plugin.sh` makes; `nil` for sums
  ///   through host memory.
  package func loadNCCL(plugIn: String?) throws {
    try check(ct_group_load_nccl(handle, plugIn), "NCCL plug-in")
  }
}

// MARK: - Operations over all processes
extension ProcessGroup {
  /// All-reduce: replaces each tensor by its sum, or mean, over the processes, in one message for
  /// the list.
  package func reduce(_ tensors: [Tensor], average: Bool = false) throws {
    try withHandles(tensors) { handles, count in
      try check(ct_group_reduce(handle, handles, count, average), "sum over the processes")
    }
  }

  /// The sums of numbers over the processes.
  package func sums(_ numbers: [Double]) throws -> [Double] {
    let tensor = try Tensor(numbers, shape: [numbers.count])
    try reduce([tensor])
    return try tensor.values()
  }

  /// Overwrites the tensors with those of process `root`.
  package func broadcast(_ tensors: [Tensor], from root: Int = 0) throws {
    try withHandles(tensors) { handles, count in
      try check(ct_group_broadcast(handle, handles, count, Int32(root)), "copy to the processes")
    }
  }

  /// Returns when all processes have called it.
  package func wait() throws { try check(ct_group_barrier(handle), "waiting for the processes") }

  /// Synchronized batch norm in training mode, with the statistics of all processes' batches: [N,
  /// C, H, W] -> the same shape.
  ///
  /// Gradients are those of the sum of the processes' losses.
  package func batchNorm(
    _ input: Tensor, weight: Tensor?, bias: Tensor?, runningMean: Tensor, runningVariance: Tensor,
    momentum: Double, epsilon: Double
  ) throws -> Tensor {
    try Tensor.make("batchNorm over the processes") {
      ct_group_batch_norm(
        handle, input.handle, weight?.handle, bias?.handle, runningMean.handle,
        runningVariance.handle, momentum, epsilon, $0)
    }
  }
}

// MARK: - The store
extension ProcessGroup {
  /// Sets a key that other processes can read, as long as the store's process runs.
  package func set(_ key: String, to value: String) throws {
    try check(ct_group_set(handle, key, value), "store")
  }

  /// `nil` if no process has set the key yet.
  package func value(of key: String) throws -> String? {
    var value: UnsafeMutablePointer<CChar>?
    try check(ct_group_get(handle, key, &value), "store")
    guard let value else { return nil }
    defer { ct_free(value) }
    return String(cString: value)
  }
}
