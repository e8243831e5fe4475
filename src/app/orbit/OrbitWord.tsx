/** What an orbit is, for whoever asks. */
import { Explained } from '../parts/Explained';
import classes from './OrbitPicture.module.css';

export const OrbitWord = () => (
  <span className={`caption ${classes.word}`}>
    <Explained
      term="orbit"
      text="All that one filter becomes under the turns of the network’s group. It is stored once, and looks in every direction; no satellite’s path is meant."
    >
      What is an orbit?
    </Explained>
  </span>
);
