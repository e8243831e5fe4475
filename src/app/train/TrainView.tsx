/** The Train view. */
export default function TrainView() {
  return <section className="card" />;
}
