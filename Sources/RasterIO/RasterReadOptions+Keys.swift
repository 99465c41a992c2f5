import Kernel

extension RasterReadOptions: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "unit": "Unit of the values; overrides what the file says.",
    "losConvention": "Sign of files that do not state it.",
    "width": "Columns of a file without a header, 1 or more.",
    "height": "Rows of a file without a header, 1 or more; null: from the file's size.",
    "sampleType": "Number type of a file without a header.",
    "byteOrder": "Byte order of a file without a header; null: judged from the values.",
    "dataset": "Name of the dataset inside HDF5 or netCDF.",
    "band": "Band, counted from 1.",
    "noData":
      "Values that mean no data, such as [0, -9999]; .inf for infinite values; null: as the file says.",
  ]
}
