/** The Data view. */
export default function DatasetsView() {
  return <section className="card" />;
}
