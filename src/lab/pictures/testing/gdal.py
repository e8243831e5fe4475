"""python3 gdal.py FOLDER: GDAL as the judge of the lab's TIFF reader, for tests only (needs GDAL's python3 bindings and numpy).

Makes TIFFs of every kind that GDAL writes and the lab reads into FOLDER, beside those that lie there already. Of each
it prints what GDAL reads, as one JSON object by name: size, bands, grid, EPSG code, control points; all values go
beside it as 64-bit floats, band after band (NAME.values), and what GDAL masks as bytes (NAME.masks).
"""
import glob
import json
import os
import sys

import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()
gdal.PushErrorHandler('CPLQuietErrorHandler')
folder = sys.argv[1]
driver = gdal.GetDriverByName('GTiff')
WIDTH, HEIGHT = 37, 21

TYPES = {
    'uint8': gdal.GDT_Byte, 'uint16': gdal.GDT_UInt16, 'int16': gdal.GDT_Int16, 'uint32': gdal.GDT_UInt32,
    'int32': gdal.GDT_Int32, 'uint64': gdal.GDT_UInt64, 'int64': gdal.GDT_Int64,
    'float32': gdal.GDT_Float32, 'float64': gdal.GDT_Float64,
}
LAYOUTS = {
    'strips': ['BLOCKYSIZE=4'], 'planes': ['BLOCKYSIZE=4', 'INTERLEAVE=BAND'],
    'tiles': ['TILED=YES', 'BLOCKXSIZE=16', 'BLOCKYSIZE=16'],
    'plane-tiles': ['TILED=YES', 'BLOCKXSIZE=16', 'BLOCKYSIZE=16', 'INTERLEAVE=BAND'],
}


def noise(kind, band, most=None):
    """Values over the whole range of a kind, rough and smooth parts, the same each time."""
    rng = np.random.default_rng(band + 17)
    if kind.startswith('float'):
        values = rng.normal(size=(HEIGHT, WIDTH)) * 10.0 ** rng.integers(-9, 9, size=(HEIGHT, WIDTH))
        values[:, :9] = np.linspace(-1, 1, 9) * (band + 1)
        with np.errstate(over='ignore'):
            return values.astype(kind)
    info = np.iinfo(kind)
    top = info.max if most is None else most
    values = rng.integers(info.min if most is None else 0, top, size=(HEIGHT, WIDTH), dtype=kind, endpoint=True)
    values[:, :9] = np.arange(9)[None, :] % (top + 1)
    return values


def write(name, kind, bands, options, most=None, prepare=None, values=None):
    path = os.path.join(folder, name + '.tif')
    dataset = driver.Create(path, WIDTH, HEIGHT, bands, TYPES[kind], options)
    if prepare:
        prepare(dataset)
    for band in range(bands):
        data = noise(kind, band, most) if values is None else values(band)
        if data is not None:
            dataset.GetRasterBand(band + 1).WriteArray(data)
    dataset = None


def numbers():
    """Every byte order, predictor, sample format and layout."""
    for kind in TYPES:
        packings = {'raw': [], 'packbits': ['COMPRESS=PACKBITS'], 'lzw': ['COMPRESS=LZW'],
                    'lzw2': ['COMPRESS=LZW', 'PREDICTOR=2'], 'deflate2': ['COMPRESS=DEFLATE', 'PREDICTOR=2'],
                    'zstd2': ['COMPRESS=ZSTD', 'PREDICTOR=2']}
        if kind.startswith('float'):
            packings['deflate3'] = ['COMPRESS=DEFLATE', 'PREDICTOR=3']
            packings['zstd3'] = ['COMPRESS=ZSTD', 'PREDICTOR=3']
        for order in ('LITTLE', 'BIG'):
            for packing, how in packings.items():
                for layout, where in LAYOUTS.items():
                    write(f'{kind}-{order.lower()}-{packing}-{layout}', kind, 3, [f'ENDIANNESS={order}', *how, *where])
    for order in ('LITTLE', 'BIG'):
        for layout, where in LAYOUTS.items():
            end = f'{order.lower()}-{layout}'
            both = [f'ENDIANNESS={order}', *where]
            write(f'int8-{end}', 'uint8', 2, ['PIXELTYPE=SIGNEDBYTE', *both])
            write(f'float16-{end}', 'float32', 2, ['NBITS=16', *both], values=lambda b: noise('float16', b).astype('float32'))
            for bits in (1, 2, 4, 7):
                write(f'bits{bits}-{end}', 'uint8', 3, [f'NBITS={bits}', *both], 2**bits - 1)
            for bits in (9, 12, 15):
                write(f'bits{bits}-{end}', 'uint16', 3, [f'NBITS={bits}', *both], 2**bits - 1)
            for bits in (17, 24, 31):
                write(f'bits{bits}-{end}', 'uint32', 2, [f'NBITS={bits}', *both], 2**bits - 1)
    write('float16-deflate3', 'float32', 3, ['NBITS=16', 'COMPRESS=DEFLATE', 'PREDICTOR=3'],
          values=lambda b: noise('float16', b).astype('float32'))
    write('float16-lzw2', 'float32', 3, ['NBITS=16', 'COMPRESS=LZW', 'PREDICTOR=2'],
          values=lambda b: noise('float16', b).astype('float32'))
    write('bigtiff-little', 'int16', 3, ['BIGTIFF=YES'])
    write('bigtiff-big', 'int16', 3, ['BIGTIFF=YES', 'ENDIANNESS=BIG', 'COMPRESS=LZW', 'PREDICTOR=2'])


def compressions():
    """Those that have their own idea of a picture."""
    def smooth(band):
        y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
        return (128 + 90 * np.sin(x / (5.0 + band)) * np.cos(y / 4.0)).astype('uint8')

    for layout, where in LAYOUTS.items():
        # A block of JPEG or WebP has a size of its own: whole tiles, or strips.
        if 'strips' in layout or layout == 'planes':
            where = ['BLOCKYSIZE=16'] + [o for o in where if o.startswith('INTERLEAVE')]
        is_planar = 'INTERLEAVE=BAND' in where
        write(f'jpeg-{layout}', 'uint8', 3, ['COMPRESS=JPEG', *where], values=smooth)
        write(f'jpeg-grey-{layout}', 'uint8', 1, ['COMPRESS=JPEG', *where], values=smooth)
        if not is_planar:
            write(f'jpeg-ycbcr-{layout}', 'uint8', 3, ['COMPRESS=JPEG', 'PHOTOMETRIC=YCBCR', *where], values=smooth)
            write(f'webp-{layout}', 'uint8', 3, ['COMPRESS=WEBP', *where], values=smooth)
            write(f'webp-lossless-{layout}', 'uint8', 3, ['COMPRESS=WEBP', 'WEBP_LOSSLESS=YES', *where])
            write(f'webp-alpha-{layout}', 'uint8', 4, ['COMPRESS=WEBP', 'WEBP_LOSSLESS=YES', *where],
                  values=lambda b: smooth(b) if b < 3 else noise('uint8', 3))
        for kind in ('uint8', 'int16', 'uint16', 'int32', 'uint32', 'float32', 'float64'):
            write(f'lerc-{kind}-{layout}', kind, 3, ['COMPRESS=LERC', *where])
        write(f'lerc-loss-{layout}', 'float32', 3, ['COMPRESS=LERC_DEFLATE', 'MAX_Z_ERROR=0.01', *where],
              values=lambda b: smooth(b).astype('float32') / 7)
        write(f'lerc-zstd-{layout}', 'uint16', 3, ['COMPRESS=LERC_ZSTD', *where])
        for kind in ('int16', 'float32', 'float64'):
            write(f'lerc-big-{kind}-{layout}', kind, 3, ['COMPRESS=LERC', 'ENDIANNESS=BIG', *where])
        write(f'lerc-nan-{layout}', 'float32', 1, ['COMPRESS=LERC', *where],
              values=lambda b: np.where(smooth(b) > 128, np.nan, smooth(b)).astype('float32'))
        write(f'lerc-flat-{layout}', 'float32', 2, ['COMPRESS=LERC', *where],
              values=lambda b: np.full((HEIGHT, WIDTH), 3.25 + b, 'float32'))
        write(f'lerc-alpha-{layout}', 'uint8', 4, ['COMPRESS=LERC', 'ALPHA=YES', *where],
              values=lambda b: smooth(b) if b < 3 else np.where(smooth(0) > 128, 255, 0).astype('uint8'))


def emptiness():
    """No-data values, blocks that are left out, masks, alpha."""
    def none(value):
        return lambda dataset: dataset.GetRasterBand(1).SetNoDataValue(value)

    def holes(kind, value):
        def values(band):
            data = noise(kind, band)
            data[3:7, 5:20] = value
            return data
        return values

    least = float(np.finfo('float32').min)
    for name, kind, value in [
        ('f32-exact', 'float32', -9999.0), ('f32-tenth', 'float32', -9999.9), ('f32-least', 'float32', least),
        ('f32-greatest', 'float32', -least), ('f32-tiny', 'float32', 1.17549e-38), ('f64-tenth', 'float64', -9999.9),
        ('f64-least', 'float64', float(np.finfo('float64').min)), ('u8', 'uint8', 255), ('i16', 'int16', -32768),
        ('u16-outside', 'uint16', -9999), ('u16-half', 'uint16', 7.5),
    ]:
        write(f'nodata-{name}', kind, 2, [], prepare=none(value), values=holes(kind, 0 if 'u16' in name else value))
    for name, text, kind in [('short', '-3.40282e+38', 'float32'), ('esri', '-3.4028234663852886e+038', 'float32'),
                             ('beyond', '-3.4028236e+38', 'float32'), ('comma', ' -9999 ', 'float32')]:
        path = os.path.join(folder, f'nodata-text-{name}.tif')
        value = -9999.0 if name == 'comma' else least
        write(f'nodata-text-{name}', kind, 1, [], prepare=none(0), values=holes(kind, value))
        rename_text(path, text)
    big = 2**53 + 1
    for kind in ('int64', 'uint64'):
        def prepare(dataset, kind=kind):
            band = dataset.GetRasterBand(1)
            (band.SetNoDataValueAsInt64 if kind == 'int64' else band.SetNoDataValueAsUInt64)(big)
        def values(band, kind=kind):
            data = noise(kind, band)
            data[3:7, 5:20] = big
            data[8:9, 5:20] = big - 1
            return data
        write(f'nodata-{kind}', kind, 1, [], prepare=prepare, values=values)
    write('nodata-nan', 'float32', 2, ['COMPRESS=DEFLATE', 'PREDICTOR=3'], prepare=none(float('nan')),
          values=holes('float32', np.nan))

    sparse = ['SPARSE_OK=TRUE', 'TILED=YES', 'BLOCKXSIZE=16', 'BLOCKYSIZE=16']
    def corner(kind):
        def values(band):
            data = np.full((HEIGHT, WIDTH), 0, kind)
            return data
        return values
    for interleave in ('PIXEL', 'BAND'):
        for kind, value in [('uint8', None), ('uint8', 255), ('float32', -9999.5), ('int16', 7), ('uint16', -5), ('int64', 9)]:
            path = f'sparse-{kind}-{value}-{interleave.lower()}'
            full = os.path.join(folder, path + '.tif')
            dataset = driver.Create(full, WIDTH, HEIGHT, 3, TYPES[kind], sparse + [f'INTERLEAVE={interleave}'])
            if value is not None:
                band = dataset.GetRasterBand(1)
                band.SetNoDataValueAsInt64(value) if kind == 'int64' else band.SetNoDataValue(value)
            # One block only; the others are never written.
            for band in (1, 2, 3):
                dataset.GetRasterBand(band).WriteArray(noise(kind, band)[:9, :9], 0, 0)
            dataset = None

    gdal.SetConfigOption('GDAL_TIFF_INTERNAL_MASK', 'YES')
    for name, options in [('tiles', LAYOUTS['tiles']), ('strips', []), ('deflate', ['COMPRESS=DEFLATE'])]:
        path = os.path.join(folder, f'masked-{name}.tif')
        dataset = driver.Create(path, WIDTH, HEIGHT, 3, gdal.GDT_Byte, options)
        dataset.CreateMaskBand(gdal.GMF_PER_DATASET)
        for band in (1, 2, 3):
            dataset.GetRasterBand(band).WriteArray(noise('uint8', band))
        dataset.GetRasterBand(1).GetMaskBand().WriteArray(np.where(noise('uint8', 9) > 99, 255, 0).astype('uint8'))
        dataset = None
    # Smaller copies and their masks come between the picture and the end.
    dataset = gdal.Open(os.path.join(folder, 'masked-tiles.tif'), gdal.GA_Update)
    dataset.BuildOverviews('NEAREST', [2, 4])
    dataset = None
    write('alpha-rgba', 'uint8', 4, ['PHOTOMETRIC=RGB', 'ALPHA=YES'])
    write('alpha-premultiplied', 'uint8', 4, ['PHOTOMETRIC=RGB', 'ALPHA=PREMULTIPLIED'])
    write('alpha-none', 'uint16', 4, ['PHOTOMETRIC=RGB', 'ALPHA=NO'])
    write('alpha-grey', 'uint8', 2, ['ALPHA=YES'])

    for bits in (1, 2, 4, 8):
        def palette(dataset, bits=bits):
            table = gdal.ColorTable()
            for i in range(2**bits):
                table.SetColorEntry(i, ((i * 37) % 256, (i * 91) % 256, 255 - i, 255))
            dataset.GetRasterBand(1).SetColorTable(table)
        write(f'palette-{bits}', 'uint8', 1, [f'NBITS={bits}', 'PHOTOMETRIC=PALETTE'], 2**bits - 1, palette)
    write('white-is-zero', 'uint8', 1, ['PHOTOMETRIC=MINISWHITE'])


def rename_text(path, text):
    """The text of the no-data tag, changed behind GDAL's back: it writes all digits."""
    dataset = gdal.Open(path, gdal.GA_Update)
    dataset.GetRasterBand(1).SetNoDataValue(-1.2345678901234567e+30)
    dataset = None
    data = open(path, 'rb').read()
    old = b'-1.234567'
    at = data.index(old)
    end = data.index(b'\0', at)
    assert len(text) <= end - at, (text, data[at:end])
    open(path, 'wb').write(data[:at] + text.encode().ljust(end - at, b'\0') + data[end:])


def places():
    """Coordinate systems, grids, pixels named by corner and by centre."""
    north_up = (500000.0, 10.0, 0.0, 5300000.0, 0.0, -10.0)
    degrees = (11.0, 0.01, 0.0, 48.0, 0.0, -0.01)
    grids = {'north-up': north_up, 'south-up': (500000.0, 10.0, 0.0, 5299790.0, 0.0, 10.0),
             'rotated': (500000.0, 8.0, 6.0, 5300000.0, 6.0, -8.0), 'sheared': (500000.0, 8.0, 3.0, 5300000.0, 0.0, -9.0),
             'mirrored': (500370.0, -10.0, 0.0, 5300000.0, 0.0, -10.0), 'oblong': (500000.0, 10.0, 0.0, 5300000.0, 0.0, -7.5)}
    for name, grid in grids.items():
        for kind in ('Area', 'Point'):
            place(f'grid-{name}-{kind.lower()}', grid, 'EPSG:32633', point=kind == 'Point')
    systems = {
        **{f'epsg{code}': f'EPSG:{code}' for code in
           (32633, 32733, 3857, 3035, 2056, 27700, 2263, 25832, 5070, 31467, 2193, 28992, 3031)},
        'robinson': 'ESRI:54030', 'laea': '+proj=laea +lat_0=47 +lon_0=11 +datum=WGS84 +units=m',
        'utm-by-words': '+proj=utm +zone=33 +datum=WGS84 +units=m', 'utm-ed50': '+proj=utm +zone=33 +ellps=intl +units=m',
        'feet': '+proj=lcc +lat_0=40 +lon_0=-96 +lat_1=20 +lat_2=60 +datum=NAD83 +units=us-ft',
        'shifted': '+proj=tmerc +lat_0=0 +lon_0=9 +k=0.9996 +x_0=500000 +ellps=bessel +towgs84=598.1,73.7,418.2,0.2,0.04,-2.4,6.7 +units=m',
        'sphere-mercator': '+proj=merc +a=6371000 +b=6371000 +units=m', 'sinusoidal': '+proj=sinu +R=6371007.181 +units=m',
        'compound': 'EPSG:7415', 'compound-words': 'EPSG:32633+5773',
    }
    for name, system in systems.items():
        place(f'system-{name}', north_up, system)
    for code in (4326, 4258, 4269, 4979, 4937):
        place(f'system-epsg{code}', degrees, f'EPSG:{code}')
    place('system-own-sphere', degrees, '+proj=longlat +R=6371000')
    place('system-own-ellipsoid', degrees, '+proj=longlat +ellps=bessel')
    place('system-rotated-pole', degrees, '+proj=ob_tran +o_proj=longlat +o_lon_p=0 +o_lat_p=39.25 +lon_0=18 +R=6371229')
    place('system-geocentric', north_up, 'EPSG:4978')
    place('system-local', north_up, 'LOCAL_CS["site",UNIT["metre",1]]')
    place('system-none', north_up, None)
    place('system-version-1', north_up, 'EPSG:3035', ['GEOTIFF_VERSION=1.0'])
    place('system-version-1.1', north_up, 'EPSG:3035', ['GEOTIFF_VERSION=1.1'])
    place('system-esri', north_up, 'EPSG:32633', ['GEOTIFF_KEYS_FLAVOR=ESRI_PE'])
    place('system-esri-laea', north_up, '+proj=laea +lat_0=47 +lon_0=11 +datum=WGS84 +units=m', ['GEOTIFF_KEYS_FLAVOR=ESRI_PE'])
    place('system-geotiff-alone', north_up, 'EPSG:32633', ['PROFILE=GeoTIFF'])
    place('system-baseline', north_up, 'EPSG:32633', ['PROFILE=BASELINE'])
    place('nowhere', None, None)

    path = os.path.join(folder, 'control-points.tif')
    dataset = driver.Create(path, WIDTH, HEIGHT, 1, gdal.GDT_Byte)
    points = [gdal.GCP(500000 + 10 * x, 5300000 - 10 * y, 0, x, y) for x, y in ((0, 0), (37, 0), (37, 21), (0, 20))]
    dataset.SetGCPs(points, spatial('EPSG:32633').ExportToWkt())
    dataset.GetRasterBand(1).WriteArray(noise('uint8', 0))
    dataset = None


def spatial(system):
    reference = osr.SpatialReference()
    reference.SetFromUserInput(system)
    return reference


def place(name, grid, system, options=(), point=False):
    path = os.path.join(folder, name + '.tif')
    dataset = driver.Create(path, WIDTH, HEIGHT, 1, gdal.GDT_Byte, list(options))
    if point:
        dataset.SetMetadataItem('AREA_OR_POINT', 'Point')
    if grid:
        dataset.SetGeoTransform(grid)
    if system:
        dataset.SetProjection(spatial(system).ExportToWkt())
    dataset.GetRasterBand(1).WriteArray(noise('uint8', 0))
    dataset = None
    # What does not fit into the file lies beside it: the lab has the file alone.
    for beside in glob.glob(os.path.join(folder, name + '.tif.aux.xml')):
        os.remove(beside)


def judge(path):
    dataset = gdal.Open(path)
    name = os.path.basename(path)
    bands = [dataset.GetRasterBand(i + 1) for i in range(dataset.RasterCount)]
    with open(path + '.values', 'wb') as values, open(path + '.masks', 'wb') as masks:
        for band in bands:
            data = band.ReadAsArray()
            if band.GetMetadataItem('PIXELTYPE', 'IMAGE_STRUCTURE') == 'SIGNEDBYTE':
                data = data.view('int8')
            with np.errstate(invalid='ignore'):
                values.write(data.astype('<f8').tobytes())
            masks.write(band.GetMaskBand().ReadAsArray().astype('u1').tobytes())
    grid = dataset.GetGeoTransform(can_return_null=True)
    system = dataset.GetSpatialRef()
    # Heights beside a plane: the code of the plane.
    part = ('PROJCS' if system.IsProjected() else 'GEOGCS') if system and system.IsCompound() else None
    code = system.GetAuthorityCode(part) if system and system.GetAuthorityName(part) == 'EPSG' else None
    alpha = [i for i, band in enumerate(bands) if band.GetColorInterpretation() == gdal.GCI_AlphaBand]
    return {
        'width': dataset.RasterXSize, 'height': dataset.RasterYSize, 'bands': len(bands), 'grid': grid,
        'bounds': bounds(grid, dataset) if grid else None, 'epsg': int(code) if code else None,
        'system': system.GetName() if system else None, 'points': dataset.GetGCPCount(),
        'flags': bands[0].GetMaskFlags(), 'alpha': alpha[0] if alpha else None,
    }


def bounds(grid, dataset):
    corners = [gdal.ApplyGeoTransform(grid, x, y) for x in (0, dataset.RasterXSize) for y in (0, dataset.RasterYSize)]
    xs, ys = zip(*corners)
    return [min(xs), min(ys), max(xs), max(ys)]


numbers()
compressions()
emptiness()
places()
print(json.dumps({os.path.basename(path): judge(path) for path in sorted(glob.glob(os.path.join(folder, '*.tif')))}))
