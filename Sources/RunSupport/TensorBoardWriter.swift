import DurableFiles
import Foundation

/// Writes scalars and images for `tensorboard --logdir`.
///
/// Each writer creates its own file. Field numbers are those of TensorFlow's `event.proto` and
/// `summary.proto`; records are framed as in TFRecord files.
package final class TensorBoardWriter {
  package let path: String
  private let file: AppendedFile

  /// - Parameters:
  ///   - folder: an existing run folder.
  ///   - resumingAfter: the step after which a resumed run continues: what an earlier file says of
  ///     later steps is then not shown.
  /// - Throws: `RunError.cannotWrite`.
  package init(folder: String, resumingAfter step: Int? = nil) throws {
    let now = Date().timeIntervalSince1970
    let host = ProcessInfo.processInfo.hostName
    // Names sort in order of time, also within a second.
    let order = DispatchTime.now().uptimeNanoseconds
    path = "\(folder)/events.out.tfevents.\(Int(now)).\(host).\(getpid()).\(order)"
    file = try AppendedFile(path: path)
    try write(step: 0) { $0.string(3, "brain.Event:2") }
    if let step {
      try write(step: step + 1) { event in
        event.message(7) { $0.integer(1, 1) }  // SessionLog, status START: purge from this step on
      }
    }
  }

  /// - Throws: `RunError.cannotWrite`.
  package func addScalar(_ tag: String, _ value: Double, step: Int) throws {
    try addSummary(tag, step: step) { $0.float(2, Float(value)) }
  }

  /// - Parameter png: an 8-bit PNG file of `width` by `height` pixels.
  /// - Throws: `RunError.cannotWrite`.
  package func addImage(_ tag: String, png: Data, width: Int, height: Int, step: Int) throws {
    try addSummary(tag, step: step) { value in
      value.message(4) { image in
        image.integer(1, height)
        image.integer(2, width)
        image.integer(3, 3)  // RGB
        image.data(4, png)
      }
    }
  }

  private func addSummary(
    _ tag: String, step: Int, _ build: (inout ProtocolBuffer) -> Void
  ) throws {
    try write(step: step) { event in
      event.message(5) { summary in
        summary.message(1) { value in
          value.string(1, tag)
          build(&value)
        }
      }
    }
  }

  private func write(step: Int, _ build: (inout ProtocolBuffer) -> Void) throws {
    var event = ProtocolBuffer()
    event.double(1, Date().timeIntervalSince1970)
    event.integer(2, step)
    build(&event)
    try file.append(Self.record(event.bytes))
  }

  /// Length, its checksum, the data, its checksum; all numbers little-endian.
  static func record(_ data: Data) -> Data {
    let length = withUnsafeBytes(of: UInt64(data.count).littleEndian) { Data($0) }
    func checksum(_ bytes: Data) -> Data {
      withUnsafeBytes(of: CRC32C.masked(bytes).littleEndian) { Data($0) }
    }
    return length + checksum(length) + data + checksum(data)
  }
}
