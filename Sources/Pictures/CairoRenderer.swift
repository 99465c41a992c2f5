#if Cairo
  import CCairo
  import Foundation

  /// Draws with cairo, which smooths edges and takes the fonts of the system.
  enum CairoRenderer {
    /// Falls back to what fontconfig has, where it is missing.
    private static let fontFamily = "DejaVu Sans"

    static func width(of text: String, size: Double, isBold: Bool) -> Double {
      let surface = cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1)
      defer { cairo_surface_destroy(surface) }
      let context = cairo_create(surface)
      defer { cairo_destroy(context) }
      chooseFont(context, size: size, isBold: isBold)
      var extents = cairo_text_extents_t()
      cairo_text_extents(context, text, &extents)
      return extents.x_advance
    }

    /// `nil` where cairo cannot: beyond its largest image, or without memory.
    static func image(_ drawing: Drawing, scale: Int) -> PNGImage? {
      let (width, height) = (Int(drawing.width) * scale, Int(drawing.height) * scale)
      guard max(width, height) <= PictureFile.largestSide else { return nil }
      let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height))
      defer { cairo_surface_destroy(surface) }
      guard draw(drawing, on: surface, scale: Double(scale)) else { return nil }
      cairo_surface_flush(surface)
      guard let data = cairo_image_surface_get_data(surface) else { return nil }
      let stride = Int(cairo_image_surface_get_stride(surface))
      let pixels = [UInt8](unsafeUninitializedCapacity: width * height * 3) { bytes, count in
        for row in 0..<height {
          let line = UnsafeRawPointer(data + row * stride)
          var place = row * width * 3
          for column in 0..<width {
            let value = line.load(fromByteOffset: column * 4, as: UInt32.self)
            bytes[place] = UInt8(truncatingIfNeeded: value >> 16)
            bytes[place + 1] = UInt8(truncatingIfNeeded: value >> 8)
            bytes[place + 2] = UInt8(truncatingIfNeeded: value)
            place += 3
          }
        }
        count = width * height * 3
      }
      return PNGImage(width: width, height: height, channels: .rgb, pixels: pixels)
    }

    /// The bytes of an SVG or a PDF file; `nil` where cairo fails.
    static func document(_ drawing: Drawing, format: PictureFormat) -> Data? {
      let result = NSMutableData()
      let target = Unmanaged.passUnretained(result).toOpaque()
      let write: cairo_write_func_t = { target, bytes, count in
        guard let target, let bytes else { return CAIRO_STATUS_WRITE_ERROR }
        Unmanaged<NSMutableData>.fromOpaque(target).takeUnretainedValue()
          .append(bytes, length: Int(count))
        return CAIRO_STATUS_SUCCESS
      }
      let isPDF = format == .pdf
      // PDF measures in points, of which an inch has 72.
      let unit = isPDF ? 0.75 : 1
      let (width, height) = (drawing.width * unit, drawing.height * unit)
      let surface =
        isPDF
        ? cairo_pdf_surface_create_for_stream(write, target, width, height)
        : cairo_svg_surface_create_for_stream(write, target, width, height)
      if isPDF {
        // Without a time, the same picture gives the same file.
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "")
      } else {
        cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PX)
      }
      let isDrawn = draw(drawing, on: surface, scale: unit)
      cairo_surface_finish(surface)
      let status = cairo_surface_status(surface)
      cairo_surface_destroy(surface)
      return withExtendedLifetime(result) {
        guard isDrawn && status == CAIRO_STATUS_SUCCESS else { return nil }
        return isPDF ? result as Data : renumbered(result as Data)
      }
    }

    /// An SVG whose elements are numbered from 0. Cairo counts on from what the process drew before,
    /// so that the same picture would not give the same file.
    private static func renumbered(_ document: Data) -> Data {
      let kinds = ["surface", "image", "source", "clip", "mask"].map { Array($0.utf8) }
      let bytes = [UInt8](document)
      var result: [UInt8] = []
      result.reserveCapacity(bytes.count)
      var numbers: [Int: Int] = [:]
      var place = 0
      while place < bytes.count {
        let byte = bytes[place]
        result.append(byte)
        place += 1
        // Names are quoted or referred to with #; neither is in the coded pixels of an image.
        guard byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "#"),
          let kind = kinds.first(where: { bytes[place...].starts(with: $0) })
        else { continue }
        let digits = bytes[(place + kind.count)...].prefix { (48...57).contains($0) }
        guard let number = Int(String(decoding: digits, as: UTF8.self)) else { continue }
        let new = numbers[number] ?? numbers.count
        numbers[number] = new
        result += kind + Array("\(new)".utf8)
        place += kind.count + digits.count
      }
      return Data(result)
    }

    private static func draw(_ drawing: Drawing, on surface: OpaquePointer?, scale: Double) -> Bool
    {
      let context = cairo_create(surface)
      defer { cairo_destroy(context) }
      cairo_scale(context, scale, scale)
      source(context, .white)
      cairo_paint(context)
      for shape in drawing.shapes { draw(shape, context) }
      cairo_show_page(context)
      return cairo_status(context) == CAIRO_STATUS_SUCCESS
    }

    private static func draw(_ shape: Drawing.Shape, _ context: OpaquePointer?) {
      switch shape {
      case .fill(let box, let color):
        source(context, color)
        cairo_rectangle(context, box.x, box.y, box.width, box.height)
        cairo_fill(context)
      case .polygon(let points, let color):
        source(context, color)
        path(context, points)
        cairo_close_path(context)
        cairo_fill(context)
      case .line(let points, let color, let width):
        source(context, color)
        cairo_set_line_width(context, width)
        cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
        path(context, points)
        cairo_stroke(context)
      case .disc(let center, let radius, let color):
        source(context, color)
        cairo_arc(context, center.x, center.y, radius, 0, 2 * Double.pi)
        cairo_fill(context)
      case .image(let image, let box): draw(image, in: box, context)
      case .text(let text, let place, let color):
        source(context, color)
        chooseFont(context, size: text.size, isBold: text.isBold)
        cairo_move_to(context, place.x, place.y)
        guard text.isVertical else { return cairo_show_text(context, text.text) }
        cairo_save(context)
        cairo_rotate(context, -Double.pi / 2)
        cairo_show_text(context, text.text)
        cairo_restore(context)
        cairo_new_path(context)
      }
    }

    private static func draw(_ image: PNGImage, in box: Drawing.Box, _ context: OpaquePointer?) {
      let surface = cairo_image_surface_create(
        CAIRO_FORMAT_RGB24, Int32(image.width), Int32(image.height))
      defer { cairo_surface_destroy(surface) }
      cairo_surface_flush(surface)
      guard let data = cairo_image_surface_get_data(surface) else { return }
      let stride = Int(cairo_image_surface_get_stride(surface))
      let step = image.channels.rawValue
      for row in 0..<image.height {
        let line = UnsafeMutableRawPointer(data + row * stride)
        for column in 0..<image.width {
          let place = (row * image.width + column) * step
          let (red, green, blue) = (
            image.pixels[place], image.pixels[place + step / 2], image.pixels[place + step - 1]
          )
          line.storeBytes(
            of: UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue),
            toByteOffset: column * 4, as: UInt32.self)
        }
      }
      cairo_surface_mark_dirty(surface)
      cairo_save(context)
      cairo_rectangle(context, box.x, box.y, box.width, box.height)
      cairo_clip(context)
      cairo_translate(context, box.x, box.y)
      cairo_scale(context, box.width / Double(image.width), box.height / Double(image.height))
      cairo_set_source_surface(context, surface, 0, 0)
      cairo_pattern_set_filter(cairo_get_source(context), CAIRO_FILTER_NEAREST)
      cairo_paint(context)
      cairo_restore(context)
    }

    private static func path(_ context: OpaquePointer?, _ points: [Drawing.Point]) {
      for (index, point) in points.enumerated() {
        if index == 0 {
          cairo_move_to(context, point.x, point.y)
        } else {
          cairo_line_to(context, point.x, point.y)
        }
      }
    }

    private static func source(_ context: OpaquePointer?, _ color: RGB) {
      cairo_set_source_rgb(
        context, Double(color.red) / 255, Double(color.green) / 255, Double(color.blue) / 255)
    }

    private static func chooseFont(_ context: OpaquePointer?, size: Double, isBold: Bool) {
      cairo_select_font_face(
        context, fontFamily, CAIRO_FONT_SLANT_NORMAL,
        isBold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL)
      cairo_set_font_size(context, size)
      let options = cairo_font_options_create()
      defer { cairo_font_options_destroy(options) }
      // Gray edges and widths without rounding look the same on screens, in print and in SVG.
      cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
      cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
      cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
      cairo_set_font_options(context, options)
    }
  }
#endif
